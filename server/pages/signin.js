// The sign-in window's only script: hands the one-time code to the panel that
// opened the window. Where the sign-in pages have cut the opener, or the opener
// is not a page of ours, a person compares codes instead.
(function () {
  "use strict";

  // Webex' code and state are used up; keep them out of the history.
  history.replaceState(null, "", location.pathname);

  var code = document.body.dataset.code;
  if (!code) return;

  function panel() {
    try {
      var opener = window.opener;
      // Reading another origin's location throws.
      return opener && !opener.closed && opener.location.origin === location.origin ? opener : null;
    } catch (e) {
      return null;
    }
  }

  var opener = panel();
  if (!opener) return;
  opener.postMessage({ type: document.body.dataset.message, code: code }, location.origin);
  document.getElementById("compare").hidden = true;
  document.getElementById("handed").hidden = false;
  window.close();
})();
