// Keys of the stewards' pages: by their place on the keyboard, whatever language it writes, and dead in fields. What has a key says
// it in `data-key`; a field that a key leads to is named in `data-focus`.
const page = document.documentElement.dataset;
const keyed = () => [...document.querySelectorAll("[data-key]")];

const list = document.querySelector("#key-list");
for (const one of keyed()) {
  const [key, name] = [document.createElement("dt"), document.createElement("dd")];
  key.append(Object.assign(document.createElement("kbd"), { textContent: one.dataset.key.replace(/^(Key|Digit)/, "") }));
  name.textContent = one.firstChild.textContent.trim();
  list?.append(key, name);
}

addEventListener("keydown", (event) => {
  if (page.keys === "off") return;
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) {
    if (event.code === "Escape") event.target.blur();
    return;
  }
  if (event.key === "?" || (event.code === "Slash" && event.shiftKey)) {
    const keys = document.querySelector("#keys");
    keys.open = !keys.open;
    if (keys.open) keys.querySelector("summary").focus();
    return;
  }
  const one = keyed().find((one) => one.dataset.key === event.code);
  if (!one || event.shiftKey) return;
  event.preventDefault();
  const field = document.getElementById(one.dataset.focus ?? "");
  if (field && !field.value) field.focus();
  else one.click();
});

// Nobody decides twice by pressing twice.
addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));

// Values that were shown are masked again.
if (page.masksAfter) setTimeout(() => location.reload(), Number(page.masksAfter) * 1000);
