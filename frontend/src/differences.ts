// From one open difference to the next by keyboard, and straight to its first choice. The page works without it.

const open = [...document.querySelectorAll<HTMLElement>(".difference:not(.is-decided)")];
for (const hint of document.querySelectorAll<HTMLElement>("[data-keys]")) hint.hidden = false;

function go(to: HTMLElement | undefined): void {
  if (!to) return;
  to.scrollIntoView({ block: "center" });
  to.querySelector<HTMLElement>("input[type=radio]:checked, input[type=radio]")?.focus({ preventScroll: true });
}

document.addEventListener("keydown", (event) => {
  if (event.altKey && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    const here = document.activeElement?.closest<HTMLElement>(".difference");
    const place = here ? open.indexOf(here) : -1;
    event.preventDefault();
    go(event.key === "ArrowDown" ? open[place + 1] : open[place < 0 ? open.length - 1 : place - 1]);
  } else if (event.ctrlKey && event.key === "Enter") {
    (event.target as HTMLElement).closest<HTMLFormElement>(".difference form")?.requestSubmit();
  }
});

// Once all is loaded: before that, the browser itself moves to what the address names.
addEventListener("load", () => {
  if (location.hash.startsWith("#d-")) go(document.getElementById(location.hash.slice(1)) ?? undefined);
});

export {};
