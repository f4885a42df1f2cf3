// The page on which a map is drawn together with the person.

import { render } from "lit";
import { App, type Step, type View } from "./map/app";
import { focusNode, isTyping, onNodeKey } from "./map/keys";
import { Fingers } from "./map/pointer";
import { Sheet } from "./map/sheet";
import { setSize } from "./map/view-canvas";
import { prompts, setKind } from "./map/view-name";
import { open, page } from "./map/view-page";
import { hasDrafts, keepDrafts } from "./map/view-parts";
import { onWalkKey } from "./map/view-ties";
import type { MapState } from "./map/types";
import { read, send } from "./saving/wire";

async function start(root: HTMLElement): Promise<void> {
  const mapId = root.dataset["mapId"]!;
  const spoken = document.querySelector<HTMLElement>("#map-spoken")!;
  let app: App;
  let isDue = false;
  const draw = () => {
    isDue = false;
    render(page(app, fingers), root);
    const dialog = root.querySelector<HTMLDialogElement>(".mp-dialog");
    if (dialog && app.dialog && !dialog.open) dialog.showModal();
    if (dialog && !app.dialog && dialog.open) dialog.close();
    watchFrame();
  };
  const later = () => {
    if (isDue) return;
    isDue = true;
    requestAnimationFrame(() => isDue && draw());
  };
  const readMap = () => read<MapState>(`/api/maps/${mapId}`);
  const sheet = new Sheet(await readMap(), send, readMap, later);
  app = new App(sheet);
  const fingers = new Fingers(app);
  app.render = draw;
  sheet.onOwn = draw;
  app.keepDrafts = () => keepDrafts(app);
  app.announce = (text) => {
    spoken.textContent = "";
    setTimeout(() => (spoken.textContent = text), 30); // the same words twice are spoken twice
  };
  app.focusOn = (selector) => requestAnimationFrame(() => root.querySelector<HTMLElement>(selector)?.focus({ preventScroll: false }));

  // -- the frame of the drawing: its size, and fingers on it
  let watched: HTMLElement | null = null;
  const sizes = new ResizeObserver((entries) => {
    const box = entries.at(-1)!.contentRect;
    if (setSize(box.width, box.height)) later();
  });
  const watchFrame = () => {
    const frame = root.querySelector<HTMLElement>(".mp-frame");
    if (frame === watched) return;
    if (watched) sizes.unobserve(watched);
    watched = frame;
    if (!frame) return;
    sizes.observe(frame);
    fingers.watch(frame);
  };

  // -- keys that work everywhere on the page
  let escapedAt = -Infinity;
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      if (event.timeStamp - escapedAt < 1200 && !app.isAway && !event.repeat) app.putAway(true); // a third press in haste brings nothing back
      escapedAt = event.timeStamp;
      if ((event.target as Element).closest(".mp-panel") && app.tie(app.selected)?.circle != null) focusNode(app, app.selected!);
      return;
    }
    if (app.isAway || app.dialog) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && !isTyping(event.target)) {
      event.preventDefault();
      sheet.step(event.shiftKey ? "redo" : "undo");
    } else if (event.altKey && /^Digit[1-9]$/.test(event.code) && app.step === "name") {
      const kind = app.design.kind_order[Number(event.code.slice(5)) - 1];
      if (!kind) return;
      event.preventDefault();
      setKind(app, kind);
      draw();
    } else if (event.key === "?" && !isTyping(event.target)) {
      open(app, "keys");
    } else if (onNodeKey(app, event) || (app.step === "ties" && !isTyping(event.target) && onWalkKey(app, event))) {
      event.preventDefault();
    }
  });
  document.addEventListener("focusin", (event) => {
    const id = (event.target as Element).closest?.("#the-map [data-tie]")?.getAttribute("data-tie");
    if (!id || id === app.focused) return;
    app.focused = id;
    app.near = app.tie(id)?.circle ?? null;
    draw();
  });
  window.addEventListener("beforeunload", (event) => {
    keepDrafts(app);
    if (!sheet.queue.isIdle || hasDrafts(app)) event.preventDefault();
  });
  window.addEventListener("online", () => sheet.queue.hurry());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") keepDrafts(app);
    else if (sheet.queue.isIdle) void sheet.reread(); // something may have been done in another tab
  });
  window.addEventListener("popstate", () => {
    const step = location.hash.slice(1) as Step;
    if (step !== app.step && app.steps.some((one) => one.step === step)) app.go(step);
  });
  setInterval(later, 30000); // the clock

  // -- where to begin
  const wanted = location.hash.slice(1) as Step;
  const kept = localStorage.getItem("kith-map-view") as View | null;
  if (kept === "both" || kept === "list") app.view = kept;
  const isOpenTo = app.steps.some(({ step }) => step === wanted);
  const begin: Record<string, Step> = { recall: "name", reconcile: "back", details: "about", finished: "finish" };
  app.step = isOpenTo ? wanted : (begin[app.map["stage"] as string] ?? "name");
  history.replaceState(null, "", `#${app.step}`);
  if (app.step === "back") app.showsGhost = !app.state.is_recall;
  if (app.step === "about") app.selected = app.ties[0]?.id ?? null;
  const lit = new URLSearchParams(location.search).get("lit")?.split(",") ?? []; // a passage leads here: whom it speaks of first
  const spokenOf = app.ties.find((tie) => lit.includes(tie.alter_id));
  if (spokenOf && !app.state.is_recall) app.selected = spokenOf.id;
  const kinds = prompts(app)[0]?.kinds;
  if (kinds?.[0]) app.recall.kind = kinds[0];
  const room = () => root.style.setProperty("--mp-top", `${Math.round(root.getBoundingClientRect().top + scrollY)}px`);
  room();
  window.addEventListener("resize", room);
  root.replaceChildren();
  draw();
  void document.fonts?.ready.then(later);
}

const root = document.querySelector<HTMLElement>("#map-page");
if (root) {
  start(root).catch((error: Error) => {
    root.textContent = `The map could not be opened: ${error.message}`;
  });
}
