// The directory: suppliers ticked for comparing stay ticked while one goes on searching, and a fifth is refused with
// words. Without this the ticks of the page in sight are compared.
"use strict";

(() => {
  const MOST = 4;
  const boxes = () => [...document.querySelectorAll("#direktori input[type=checkbox][name=ikm]")];

  const renew = () => {
    const bar = document.getElementById("banding");
    if (!bar) return;
    const elsewhere = [...bar.querySelectorAll("input[type=hidden][name=ikm]")].map((field) => field.value);
    const here = boxes().filter((box) => box.checked).map((box) => box.value);
    const chosen = [...elsewhere, ...here];
    const isFull = chosen.length >= MOST;
    for (const box of boxes()) box.disabled = isFull && !box.checked;
    const words = bar.querySelector("[data-too-many]");
    words.textContent = isFull ? words.dataset.tooMany : "";
    carry(chosen);
  };

  // The choice travels in the address: in the form, in the links that ask again, and in the page's own.
  const carry = (chosen) => {
    const place = document.getElementById("dibandingkan");
    place.replaceChildren(
      ...chosen.map((key) => Object.assign(document.createElement("input"), { type: "hidden", name: "banding", value: key })),
    );
    for (const link of document.querySelectorAll("#direktori [hx-boost] a[href]")) link.href = withChoice(link.href, chosen);
    history.replaceState(history.state, "", withChoice(location.href, chosen));
  };

  const withChoice = (address, chosen) => {
    const url = new URL(address, location.href);
    url.searchParams.delete("banding");
    for (const key of chosen) url.searchParams.append("banding", key);
    return url.href;
  };

  document.addEventListener("change", (event) => {
    if (event.target.matches("#direktori input[name=ikm]")) renew();
  });
  document.addEventListener("htmx:afterSettle", renew);
  renew();
})();
