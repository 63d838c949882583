// What the pages do better with JavaScript; each of them works without. No inline code, no eval (strict CSP).
"use strict";

(() => {
  const root = document;

  // Error summary: `autofocus` has brought the focus there; each line leads to a field whose label is in sight.
  root.addEventListener("click", (event) => {
    const link = event.target.closest(".error-summary a[href^='#']");
    const field = link && root.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    for (let box = field.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
    (field.closest("fieldset, .field") || field).scrollIntoView();
    field.focus({ preventScroll: true });
  });

  // Double submits: a form that is on its way is not sent again. The pressed button's value still travels,
  // so the buttons go quiet only after the browser has read the form.
  const sent = new WeakSet();
  root.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.matches("[hx-post], [hx-get], [data-resend]")) return;
    if (sent.has(form)) return event.preventDefault();
    sent.add(form);
    setTimeout(() => {
      for (const button of form.querySelectorAll("button:not([type=button]), input[type=submit]")) {
        if (button.disabled) continue;
        button.disabled = true;
        button.dataset.held = "";
      }
    });
  });
  // A page that comes back from the browser's memory can be sent again.
  addEventListener("pageshow", () => {
    for (const form of root.forms) sent.delete(form);
    for (const button of root.querySelectorAll("[data-held]")) {
      button.disabled = false;
      delete button.dataset.held;
    }
  });

  // Pictures are made small before they travel: longest side 1600 px, JPEG. Whatever cannot be read goes as it is;
  // the server checks and reduces again.
  const LONGEST = 1600;
  const reduced = async (file) => {
    if (!/^image\/(jpeg|png|webp)$/.test(file.type)) return file;
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    if (scale === 1 && file.size < 400000) return file;
    const canvas = root.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.82));
    if (!blob || blob.size >= file.size) return file;
    return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
  };
  root.addEventListener("change", async (event) => {
    const input = event.target;
    if (!input.matches("input[type=file][data-reduce]") || !input.files.length) return;
    const chosen = [...input.files];
    const buttons = input.form ? [...input.form.querySelectorAll("button:not([type=button])")] : [];
    buttons.forEach((button) => (button.disabled = true));
    try {
      const box = new DataTransfer();
      for (const file of await Promise.all(chosen.map((one) => reduced(one).catch(() => one)))) box.items.add(file);
      if (input.files.length === chosen.length && input.files[0] === chosen[0]) input.files = box.files;
    } finally {
      buttons.forEach((button) => (button.disabled = false));
    }
  });

  // A click anywhere in a row follows its main link; links, buttons, fields and marked text keep their own meaning.
  root.addEventListener("click", (event) => {
    const row = event.target.closest("tr.is-linked");
    if (!row || event.target.closest("a, button, input, label, select, summary")) return;
    if (!getSelection().isCollapsed) return;
    const link = row.querySelector("a.row-link");
    if (!link) return;
    if (event.ctrlKey || event.metaKey) open(link.href, "_blank", "noopener");
    else link.click();
  });

  // The account menu closes with Escape or with a click elsewhere.
  root.addEventListener("click", (event) => {
    for (const menu of root.querySelectorAll(".menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  });
  root.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && root.querySelector(".menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  // htmx: a part that did not come says so where it should stand, until it does come.
  const notices = new WeakMap();
  const failed = (event) => {
    const place = event.detail.target || event.detail.elt;
    const words = root.getElementById("swap-failed");
    if (!place || !words || notices.has(place)) return;
    const notice = words.content.firstElementChild.cloneNode(true);
    notices.set(place, notice);
    place.before(notice);
  };
  root.addEventListener("htmx:responseError", failed);
  root.addEventListener("htmx:sendError", failed);
  root.addEventListener("htmx:beforeSwap", (event) => {
    const place = event.detail.target;
    if (!event.detail.shouldSwap || !notices.has(place)) return;
    notices.get(place).remove();
    notices.delete(place);
  });
  // A list that renews itself leaves open what the reader has opened, and the focus where it was. Opened again only
  // when htmx has looked at the new part, which loads what is opened.
  const opened = new Set();
  let focused = "";
  root.addEventListener("htmx:beforeSwap", (event) => {
    const place = event.detail.target;
    if (!event.detail.shouldSwap) return;
    for (const summary of place.querySelectorAll("details[open] > summary[id]")) opened.add(summary.id);
    if (place.contains(root.activeElement)) focused = root.activeElement.id;
  });
  root.addEventListener("htmx:afterSettle", () => {
    for (const id of opened) {
      const summary = root.getElementById(id);
      if (summary) summary.parentElement.open = true;
    }
    if (focused && root.activeElement === root.body) root.getElementById(focused)?.focus({ preventScroll: true });
    opened.clear();
    focused = "";
  });
  root.addEventListener("htmx:afterSettle", (event) => {
    const part = event.detail.elt.querySelector?.(".error-summary");
    if (part) part.focus();
  });
})();
