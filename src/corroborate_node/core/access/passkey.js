// Asks the browser for a passkey, or for proof of one, and sends its answer with the form that the button belongs to.
"use strict";
(() => {
  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const listed = (all) => (all || []).map((one) => ({ ...one, id: bytes(one.id) }));

  const asked = (input) => {
    const options = JSON.parse(input.dataset.options).publicKey;
    options.challenge = bytes(options.challenge);
    if (input.dataset.passkey === "new") {
      options.user.id = bytes(options.user.id);
      options.excludeCredentials = listed(options.excludeCredentials);
      return navigator.credentials.create({ publicKey: options });
    }
    options.allowCredentials = listed(options.allowCredentials);
    return navigator.credentials.get({ publicKey: options });
  };

  const told = (made) => {
    const answer = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (made.response[name]) answer[name] = text(made.response[name]);
    }
    return JSON.stringify({
      id: made.id, rawId: text(made.rawId), type: made.type, response: answer, clientExtensionResults: {},
    });
  };

  for (const input of document.querySelectorAll("input[data-passkey]")) {
    const wrong = document.getElementById("passkey-wrong");
    input.form.addEventListener("submit", (event) => {
      if (input.value) return;
      event.preventDefault();
      wrong.hidden = true;
      Promise.resolve()
        .then(() => asked(input))
        .then((made) => {
          input.value = told(made);
          input.form.requestSubmit();
        })
        .catch(() => {
          wrong.hidden = false;
          wrong.focus();
        });
    });
  }
})();
