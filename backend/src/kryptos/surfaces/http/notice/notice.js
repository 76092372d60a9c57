// Tells whoever opened this page why the widget does not run in it, so that the SDK can say so: the page around this
// frame, or the native app around this WebView.
const { app, origin, code, message } = document.documentElement.dataset;
const blocked = { kryptos: 1, type: "blocked", code, message };
if (app !== undefined) window.ReactNativeWebView?.postMessage(JSON.stringify(blocked));
else if (origin && window.parent !== window) window.parent.postMessage(blocked, origin);
