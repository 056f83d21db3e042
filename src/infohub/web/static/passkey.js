/* Passkeys: fetches a challenge, lets the browser answer it, and sends the form with the answer in it.
   A form says with data-passkey where its challenge comes from, with data-new that it makes a passkey. */

const able = window.PublicKeyCredential?.parseRequestOptionsFromJSON && PublicKeyCredential.parseCreationOptionsFromJSON;

const challenge = async (form) => {
  const answer = await fetch(form.dataset.passkey, { method: "POST", body: new FormData(form) });
  if (!answer.ok) throw new Error(`no challenge: ${answer.status}`);
  return (await answer.json()).publicKey;
};

const answered = async (form) => {
  const asked = await challenge(form);
  return "new" in form.dataset
    ? navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(asked) })
    : navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(asked) });
};

const use = async (form, button) => {
  if ("new" in form.dataset && !form.reportValidity()) return;
  const failure = form.querySelector("[data-failure]");
  button.disabled = true;
  failure.hidden = true;
  try {
    form.elements.credential.value = JSON.stringify(await answered(form));
    form.submit();
  } catch (problem) {
    failure.hidden = false;
    button.disabled = false;
    console.info(problem);
  }
};

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const button = form.querySelector("button[data-use]");
  if (!able) continue;
  button.closest("[hidden]").hidden = false;
  for (const without of form.querySelectorAll("[data-without]")) without.hidden = true;
  button.addEventListener("click", (event) => {
    event.preventDefault();
    use(form, button);
  });
}
