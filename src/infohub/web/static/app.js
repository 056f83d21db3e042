/* What the pages do better with scripts. Everything works without this file. */

const announce = (words) => {
  const status = document.getElementById("status");
  if (!status) return;
  const line = document.createElement("p");
  line.className = "vh";
  line.textContent = words;
  status.replaceChildren(...status.querySelectorAll(".note"), line);
};

/* Copy buttons (data-copy is the id of what to copy) are hidden until a clipboard is known to exist. */
const offerCopying = (root) => {
  if (!navigator.clipboard) return;
  for (const button of root.querySelectorAll("[data-copy][hidden]")) button.hidden = false;
};

const copy = async (button) => {
  const source = document.getElementById(button.dataset.copy);
  if (!source) return;
  await navigator.clipboard.writeText("value" in source ? source.value : source.innerText.trim());
  announce(button.dataset.copied);
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) copy(button);
});

/* Counts down to a moment (data-until), and falls silent when it is there. */
const countDown = () => {
  for (const time of document.querySelectorAll("[data-until]")) {
    const left = Math.max(0, Math.round((new Date(time.dateTime) - Date.now()) / 1000));
    time.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  }
};

if (document.querySelector("[data-until]")) setInterval(countDown, 1000);

/* Content that htmx brings gets its buttons too. */
document.addEventListener("htmx:load", (event) => offerCopying(event.target));

offerCopying(document);
