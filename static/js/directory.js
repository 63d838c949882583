// The directory: suppliers ticked for comparing stay ticked while one goes on searching, and a fifth is refused with
// words. Without this the ticks of the page in sight are compared.
"use strict";

(() => {
  const MOST = 4;
  const boxes = () => [...document.querySelectorAll("#direktori input[type=checkbox][name=ikm]")];

  // Those on other pages of the answer, and those in sight.
  const chosen = () => {
    const bar = document.getElementById("banding");
    if (!bar) return [...document.querySelectorAll("#dibandingkan input")].map((field) => field.value);
    const elsewhere = [...bar.querySelectorAll("input[type=hidden]")];
    return [...elsewhere, ...boxes().filter((box) => box.checked)].map((field) => field.value);
  };

  const renew = () => {
    const words = document.querySelector("#banding [data-too-many]");
    if (!words) return;
    const keys = chosen();
    const isFull = keys.length >= MOST;
    for (const box of boxes()) box.disabled = isFull && !box.checked;
    words.textContent = isFull ? words.dataset.tooMany : "";
    carry(keys);
  };

  // The choice travels in the address: in the form, in the links that ask again, and in the page's own.
  const carry = (keys) => {
    const place = document.getElementById("dibandingkan");
    place.replaceChildren(
      ...keys.map((key) => Object.assign(document.createElement("input"), { type: "hidden", name: "banding", value: key })),
    );
    for (const link of document.querySelectorAll("#direktori [hx-boost] a[href]")) link.href = withChoice(link.href, keys);
    history.replaceState(history.state, "", withChoice(location.href, keys));
  };

  const withChoice = (address, keys) => {
    const url = new URL(address, location.href);
    url.searchParams.delete("banding");
    for (const key of keys) url.searchParams.append("banding", key);
    return url.href;
  };

  // htmx has read the links before anything was ticked.
  document.addEventListener("htmx:configRequest", (event) => {
    if (!event.detail.boosted || !event.detail.elt.closest("#direktori")) return;
    const url = new URL(withChoice(event.detail.path, chosen()));
    event.detail.path = url.pathname + url.search;
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("#direktori input[name=ikm]")) renew();
  });
  document.addEventListener("htmx:afterSettle", renew);
  renew();
})();
