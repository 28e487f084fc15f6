// A Worker that ticks: browsers let hidden pages' own timers starve.
"use strict";
let timer;
self.onmessage = (event) => {
  clearInterval(timer);
  timer = setInterval(() => self.postMessage(0), event.data);
};
