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
form.addEventListener("submit", () => { pressed = true; turn.value = Date.now(); });
addEventListener("pageshow", () => { pressed = false; });

/* The marks lie exactly behind the text; htmx replaces the element after each pause, so it is looked up anew. */
const follow = () => {
  back().style.height = `${area.offsetHeight}px`;
  back().scrollTop = area.scrollTop;
};

area.addEventListener("scroll", follow);
area.addEventListener("input", () => { back().hidden = true; });
document.addEventListener("htmx:oobAfterSwap", follow);
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
