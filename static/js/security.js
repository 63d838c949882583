// Pages of log-in with passkeys: what needs JavaScript and a key is shown only where both are there.
"use strict";

(() => {
  if (window.PublicKeyCredential) {
    for (const part of document.querySelectorAll(".needs-script")) part.hidden = false;
  }
  // Somebody who closes the browser's window without touching the key has made no error.
  document.addEventListener("allauth.error", (event) => {
    if (event.detail.exception && event.detail.exception.name === "NotAllowedError") event.preventDefault();
  });
})();
