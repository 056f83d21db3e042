/* The composer with scripts: marks behind the text follow it, and files can be dropped anywhere on the form. */

const form = document.querySelector("[data-composer]");
const area = form.querySelector("textarea[name=body]");
const back = () => document.getElementById("back");

/* Every save says when it was made, so that one that is overtaken on its way changes nothing; and once a button was
   pressed nothing is saved behind it, or the words before the button would come after those it made. */
const turn = form.querySelector("[name=turn]");
let pressed = false;
document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.elt !== form) return;
  if (pressed) event.preventDefault();
  event.detail.formData.set("turn", Date.now());
});
form.addEventListener("submit", (event) => {
  if (blocked()) {
    event.preventDefault();
    resume();
    return;
  }
  pressed = true;
  turn.value = Date.now();
});
addEventListener("pageshow", () => { pressed = false; });

/* What could not be kept stays on the page, which says so, and which nobody leaves unasked, until a save succeeds. */
const notes = form.querySelectorAll("[data-unkept]");
let why = "";
const blocked = () => why === "out" || why === "failed";
const tell = (reason) => {
  why = reason;
  for (const note of notes) note.hidden = note.dataset.unkept !== why;
};

document.addEventListener("htmx:beforeOnLoad", (event) => {
  const { elt, xhr } = event.detail;
  if (elt !== form) return;
  if (xhr.getResponseHeader("HX-Redirect")) {
    event.preventDefault();
    tell("out");
  } else if (xhr.status === 403) {
    if (!why) tell("failed");
    if (!renewed) resume();
    renewed = true;
  } else {
    tell({ 409: "elsewhere", 422: "wrong" }[xhr.status] ?? (xhr.status >= 400 ? "failed" : ""));
    renewed = false;
  }
});
document.addEventListener("htmx:sendError", (event) => { if (event.detail.elt === form) tell("failed"); });
addEventListener("beforeunload", (event) => { if (why && !pressed) event.preventDefault(); });

/* Signing in again makes the form's token stale: the page is asked for a new one, and then everything is kept. */
let renewed = false;
const resume = async () => {
  const answer = await fetch(location.href).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[data-composer] [name=csrfmiddlewaretoken]");
  if (!fresh) return;
  form.elements.csrfmiddlewaretoken.value = fresh.value;
  area.dispatchEvent(new Event("change", { bubbles: true }));
};
for (const button of form.querySelectorAll("[data-resume]")) button.addEventListener("click", resume);
addEventListener("focus", () => { if (blocked()) resume(); });

/* The marks lie exactly behind the text; htmx replaces the element after each pause, so it is looked up anew. */
const follow = () => {
  back().style.height = `${area.offsetHeight}px`;
  back().scrollTop = area.scrollTop;
};

area.addEventListener("scroll", follow);
area.addEventListener("input", () => { back().hidden = true; });
document.addEventListener("htmx:oobAfterSwap", follow);

/* What was not read in time is asked for again: by then it is read. */
const askAgain = () => {
  if (form.querySelector("[data-late]")) setTimeout(() => area.dispatchEvent(new Event("change", { bubbles: true })), 1500);
};
document.addEventListener("htmx:afterRequest", (event) => { if (event.detail.elt === form) askAgain(); });
askAgain();
new ResizeObserver(follow).observe(area);
follow();

const files = form.querySelector("input[type=file]");

form.addEventListener("dragover", (event) => {
  if (event.dataTransfer.types.includes("Files")) event.preventDefault();
});

form.addEventListener("drop", (event) => {
  if (!event.dataTransfer.files.length) return;
  event.preventDefault();
  const all = new DataTransfer();
  for (const file of [...files.files, ...event.dataTransfer.files]) all.items.add(file);
  files.files = all.files;
  files.focus();
});

/* Ctrl+Enter does what the large button says. */
form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector("#reach .btn.primary"));
});
