// The page on which a transcript is coded.

import { render } from "lit";
import { read, send } from "./saving/wire";
import { Book } from "./coding/book";
import { Coder } from "./coding/coder";
import { isTyping, onTextKey } from "./coding/keys";
import { Talk } from "./coding/talk";
import type { CodingState, Offer } from "./coding/types";
import { toText } from "./coding/view-codes";
import { page } from "./coding/view-page";

async function start(root: HTMLElement): Promise<void> {
  const id = root.dataset["documentId"]!;
  const spoken = document.querySelector<HTMLElement>("#coding-spoken")!;
  const path = `/api/documents/${id}`;
  let isDue = false;
  const draw = () => {
    isDue = false;
    const held = root.contains(document.activeElement);
    render(page(coder), root);
    if (held && document.activeElement === document.body) toText(); // what was pressed is gone with what it took off
    const dialog = root.querySelector<HTMLDialogElement>(".cd-dialog");
    if (dialog && coder.isKeysOpen !== dialog.open) coder.isKeysOpen ? dialog.showModal() : dialog.close();
    talk.draw();
  };
  const later = () => {
    if (isDue) return;
    isDue = true;
    requestAnimationFrame(() => isDue && draw());
  };
  const book = new Book(await read<CodingState>(path), send, () => read<CodingState>(path), later);
  const coder = new Coder(book);
  const talk = new Talk(coder);
  coder.render = later;
  book.onOwn = draw;
  coder.announce = (text) => {
    spoken.textContent = "";
    setTimeout(() => (spoken.textContent = text), 30); // the same words twice are spoken twice
  };
  book.onStepped = (step) => coder.announce(step === "undo" ? "Taken back." : "Brought again.");
  coder.choose = (span, isBackwards) => {
    coder.span = span;
    talk.select(span, isBackwards);
    later();
  };
  document.addEventListener("selectionchange", () => {
    const span = talk.selection();
    if (!span || (span.from === coder.span.from && span.to === coder.span.to)) return;
    if (isTyping(document.activeElement)) return; // what was chosen stays while a field is filled
    coder.span = span;
    coder.anchor = null;
    later();
  });
  // A press inside what is chosen would begin to drag those words away; here it begins a new choice.
  talk.root.addEventListener("mousedown", (event) => event.button === 0 && !event.shiftKey && getSelection()?.removeAllRanges());
  talk.root.addEventListener("pointerup", () => setTimeout(() => coder.tell(), 50));
  document.addEventListener("keydown", (event) => {
    const isField = isTyping(event.target);
    if (coder.isKeysOpen) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && !isField) book.step(event.shiftKey ? "redo" : "undo");
    else if (event.key === "Escape" && event.target !== talk.root) toText();
    else if (isField || event.defaultPrevented) return;
    else if (event.key === "?") (coder.isKeysOpen = true), later();
    else if (/^[1-9]$/.test(event.key) && !event.ctrlKey && !event.altKey && !event.metaKey) {
      const code = coder.pins[Number(event.key) - 1];
      if (!code || !coder.tables.codes[code]) return;
      coder.press(code);
    } else if (!talk.root.contains(event.target as Node) || !onTextKey(coder, event)) return;
    event.preventDefault();
  });
  window.addEventListener("beforeunload", (event) => {
    if (isTyping(document.activeElement)) (document.activeElement as HTMLElement).blur();
    if (!book.queue.isIdle) event.preventDefault();
  });
  window.addEventListener("online", () => book.queue.hurry());
  book.onOther = () => location.reload();
  window.addEventListener("focus", () => book.look()); // coded, merged or renamed meanwhile, on another page or by another coder
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && book.look());
  root.replaceChildren();
  const room = () => root.style.setProperty("--cd-top", `${Math.round(root.getBoundingClientRect().top + scrollY)}px`);
  room();
  render(page(coder), root);
  root.querySelector("#cd-sheet")!.append(talk.root, talk.margin.root);
  const scroller = root.querySelector<HTMLElement>(".cd-scroll")!;
  scroller.addEventListener("scroll", () => requestAnimationFrame(() => talk.margin.follow()), { passive: true });
  new ResizeObserver(() => requestAnimationFrame(() => talk.margin.isMoved() && talk.resized())).observe(talk.root);
  window.addEventListener("resize", room);
  draw();
  if (document.fonts?.status === "loading") void document.fonts.ready.then(() => talk.resized());
  const place = /^#at-(\d+)-(\d+)$/.exec(location.hash); // where words were found by searching
  const found = place && { start: Number(place[1]), stop: Number(place[2]) };
  const wanted = found ?? book.tables.segments[location.hash.slice(1)];
  if (wanted) coder.choose(coder.units(wanted));
  else scroller.scrollTop = Number(sessionStorage.getItem(`${book.key}-at`) ?? 0); // where one was before going to another page
  window.addEventListener("pagehide", () => sessionStorage.setItem(`${book.key}-at`, String(Math.round(scroller.scrollTop))));
  const names = read<{ offers: Offer[] }>(`${path}/mentions`).then(({ offers }) => ((coder.offers = offers), later()));
  names.catch(() => coder.announce("Names that may be mentions could not be looked for; reload the page for them."));
}

const root = document.querySelector<HTMLElement>("#coding-page");
if (root) {
  start(root).catch((error: Error) => {
    root.textContent = `The text could not be opened: ${error.message}`;
  });
}
