// Tells the page around this frame why the widget does not run in it, so that its SDK can say so.
const { origin, code, message } = document.documentElement.dataset;
if (origin && window.parent !== window) {
  window.parent.postMessage({ kryptos: 1, type: "blocked", code, message }, origin);
}
