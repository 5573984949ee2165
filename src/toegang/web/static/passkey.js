// Asks the browser for a passkey, and sends what it answers with the page's form. Without this script, or in a
// browser without passkeys, the page says what to choose instead. On the page of the password the browser may
// offer passkeys in the field of the user name (WEBAUTHN3-5.1.4, conditional mediation): nothing is shown there.
"use strict";

(() => {
  const octets = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
  const base64url = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  // WEBAUTHN3-5.1; older browsers have passkeys, but cannot read and write them as JSON themselves.
  const parse = (options) => {
    const creating = "user" in options;
    const native = PublicKeyCredential[creating ? "parseCreationOptionsFromJSON" : "parseRequestOptionsFromJSON"];
    if (native) {
      return native.call(PublicKeyCredential, options);
    }
    const known = (list) => (list || []).map((each) => ({ ...each, id: octets(each.id) }));
    const parsed = { ...options, challenge: octets(options.challenge) };
    if (creating) {
      parsed.user = { ...options.user, id: octets(options.user.id) };
      parsed.excludeCredentials = known(options.excludeCredentials);
    } else {
      parsed.allowCredentials = known(options.allowCredentials);
    }
    return parsed;
  };

  const write = (credential) => {
    if (credential.toJSON) {
      return credential.toJSON();
    }
    const { id, rawId, type, response } = credential;
    const written = {};
    for (const member of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (response[member]) {
        written[member] = base64url(response[member]);
      }
    }
    if (response.getTransports) {
      written.transports = response.getTransports();
    }
    return { id, rawId: base64url(rawId), type, response: written, clientExtensionResults: {} };
  };

  // Waits until a person picks a passkey in a field, if ever; whatever goes wrong, the page stays as it is.
  const fill = async (form) => {
    const able = PublicKeyCredential.isConditionalMediationAvailable;
    if (!able || !(await able.call(PublicKeyCredential))) {
      return;
    }
    const asked = await fetch(form.dataset.question, { credentials: "same-origin" });
    if (!asked.ok) {
      return;
    }
    const credential = await navigator.credentials.get({
      publicKey: parse(await asked.json()),
      mediation: "conditional",
    });
    form.elements.credential.value = JSON.stringify(write(credential));
    form.submit();
  };

  if (!window.PublicKeyCredential || !navigator.credentials) {
    return;
  }
  const filled = document.getElementById("passkey-fill");
  if (filled) {
    fill(filled).catch(() => {});
    return;
  }

  const box = document.getElementById("passkey");
  const button = document.getElementById("passkey-button");
  const form = button.form;
  const answer = form.elements.credential;
  const name = form.elements.passkey_name;
  const options = JSON.parse(box.dataset.options);
  const creating = "user" in options;

  const tell = (which) => {
    for (const text of box.querySelectorAll("[data-told]")) {
      text.hidden = text.dataset.told !== which;
    }
  };

  const ask = async () => {
    tell("");
    if (creating) {
      options.user.name = name.value.trim();
      options.user.displayName = options.user.name;
    }
    button.disabled = true;
    try {
      const wanted = { publicKey: parse(options) };
      const credential = await (creating ? navigator.credentials.create(wanted) : navigator.credentials.get(wanted));
      answer.value = JSON.stringify(write(credential));
    } catch (error) {
      const known = { InvalidStateError: "known", NotAllowedError: "stopped", AbortError: "stopped" };
      tell(known[error.name] || "failed");
    } finally {
      button.disabled = false;
    }
    if (answer.value) {
      form.requestSubmit(button);
    } else {
      button.focus();
    }
  };

  if (name) {
    name.maxLength = 40;
  }
  form.addEventListener("submit", (event) => {
    if (event.submitter === button && !answer.value) {
      event.preventDefault();
      if (!name || name.reportValidity()) {
        ask();
      }
    }
  });
  document.getElementById("passkey-without").hidden = true;
  for (const part of document.querySelectorAll("[data-with-passkeys]")) {
    part.hidden = false;
  }
})();
