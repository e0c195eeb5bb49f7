// When each slide is planned to begin: notes start with the minute, as in "[12:30]".
"use strict";

{
  const deck = lectureDeck;
  const MARK = deck.MARK = /^\s*\[(\d+):(\d\d)\]\s*/;
  const marks = deck.slides.map((slide) => {
    const [, minutes, seconds] = slide.querySelector(".notes")?.textContent.match(MARK) ?? [];
    return minutes && 60 * Number(minutes) + Number(seconds);
  });

  // Seconds after the lecture's start at which each slide begins; of a short lecture without the time of what is cut.
  // A slide without a mark begins with the one before it.
  deck.starts = () => {
    let [now, before] = [0, 0];
    return marks.map((mark, at) => {
      const passed = (mark ?? before) - before;
      if (!(deck.short && deck.slides[at - 1]?.dataset.cut)) now += passed;
      before = mark ?? before;
      return now;
    });
  };

  // How far a slide is behind its plan, in seconds; negative: ahead; 0 while its time runs.
  deck.late = (at, elapsed) => {
    const starts = deck.starts();
    const end = starts.slice(at + 1).find((each) => each > starts[at]) ?? Infinity;
    return elapsed < starts[at] ? elapsed - starts[at] : Math.max(0, elapsed - end);
  };
}
