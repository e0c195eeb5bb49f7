"""A page reads weights as the package safetensors does, which is not there."""

import numpy as np
import safetensors

from lecture_lib.models.efficientnet import PHOTO_NET_WEIGHTS
from lecture_lib.page import tensors


def test_the_photo_networks_file_holds_the_same_without_the_package():
    with tensors.safe_open(PHOTO_NET_WEIGHTS) as here, safetensors.safe_open(PHOTO_NET_WEIGHTS, "numpy") as there:
        names = list(there.keys())
        assert sorted(here.keys()) == sorted(names) and len(names) >= 100
        assert here.metadata() == there.metadata()
        for name in names:
            one, other = here.get_slice(name), there.get_slice(name)
            assert (one.get_dtype(), list(one.get_shape())) == (other.get_dtype(), list(other.get_shape()))
            np.testing.assert_array_equal(here.get_tensor(name), there.get_tensor(name))
