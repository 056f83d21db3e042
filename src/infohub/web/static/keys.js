/* Single keys (WCAG 2.2, 2.1.4: they can be switched off on the account page, and then this file is not loaded).
   j and k walk through the rows of the page. Any other key acts on the element that names it in data-key: one in the
   row that has the focus comes first. The page works the same without keys. */

const ROWS = ".tide > li, .todo > li";

const isTyping = (target) => target.closest("input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]");

const walk = (step) => {
  const rows = [...document.querySelectorAll(ROWS)];
  const here = rows.indexOf(document.activeElement?.closest(ROWS));
  const next = rows[here < 0 && step < 0 ? rows.length - 1 : here + step];
  next?.querySelector("a")?.focus();
};

const act = (key) => {
  const row = document.activeElement?.closest(ROWS);
  const wanted = `[data-key="${CSS.escape(key)}"]`;
  const element = row?.querySelector(wanted) ?? document.querySelector(wanted);
  if (!element) return false;
  if (element.matches("input, textarea")) element.focus();
  else element.click();
  return true;
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return;
  if (event.key === "j" || event.key === "k") walk(event.key === "j" ? 1 : -1);
  else if (!act(event.key)) return;
  event.preventDefault();
});
