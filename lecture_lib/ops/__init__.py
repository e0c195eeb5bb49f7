"""Operations on batches of images, (N, C, H, W) arrays, and their gradients: functions, no state."""

from .arrays import IntOrPair, as_float, batch_last, check_axes, check_shape, silence
from .convolution import conv2d, conv2d_backward, conv2d_loops, conv2d_windows
from .linear import check_labels, linear, linear_backward, softmax, softmax_cross_entropy
from .normalization import (
    BatchStatistics,
    batch_norm,
    batch_norm_backward,
    dropout,
    dropout_backward,
    local_response_norm,
    local_response_norm_backward,
)
from .pooling import (
    avg_pool2d,
    avg_pool2d_backward,
    global_avg_pool2d,
    global_avg_pool2d_backward,
    max_pool2d,
    max_pool2d_backward,
)
from .tiling import MEMORY_LIMIT

__all__ = [
    "MEMORY_LIMIT", "BatchStatistics", "IntOrPair", "as_float", "avg_pool2d", "avg_pool2d_backward", "batch_last",
    "batch_norm", "batch_norm_backward", "check_axes", "check_labels", "check_shape", "conv2d", "conv2d_backward",
    "conv2d_loops", "conv2d_windows", "dropout", "dropout_backward", "global_avg_pool2d", "global_avg_pool2d_backward",
    "linear", "linear_backward", "local_response_norm", "local_response_norm_backward", "max_pool2d",
    "max_pool2d_backward", "softmax", "softmax_cross_entropy",
]  # fmt: skip

silence(globals())
