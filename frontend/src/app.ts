// Small things every page uses. Pages work without it; it saves reloads, steps and slips.

for (const grid of document.querySelectorAll<HTMLTableElement>("table[role=grid]")) movable(grid);
for (const table of document.querySelectorAll<HTMLTableElement>("table[data-sortable]")) sortable(table);
for (const filters of document.querySelectorAll<HTMLElement>("[data-filters]")) filter(filters);
for (const box of document.querySelectorAll<HTMLElement>("[data-finder]")) finder(box);
for (const form of document.querySelectorAll<HTMLFormElement>("form[data-confirm]")) confirmed(form);
for (const form of document.querySelectorAll<HTMLFormElement>("form[data-interview], form[data-fits]")) onlyWhatFits(form);
for (const table of document.querySelectorAll<HTMLTableElement>("table[data-arrange]")) arranged(table);
document.addEventListener("submit", sentOnce);
lightUp();

// -- grids: one stop for the Tab key, arrow keys inside ------------------------------------------------------------

function movable(grid: HTMLTableElement): void {
  const told = grid.closest(".scroll")?.nextElementSibling;
  const cells = () =>
    [...grid.rows]
      .filter((row) => !row.hidden && row.parentElement?.tagName !== "THEAD")
      .map((row) => [...row.cells].map(target));
  const all = [...grid.querySelectorAll<HTMLElement>("tbody td, tbody th, tfoot td, tfoot th")].map(target);
  all.forEach((cell, place) => (cell.tabIndex = place === 0 ? 0 : -1));
  let current = all[0];

  const enter = (cell: HTMLElement) => {
    if (current) current.tabIndex = -1;
    cell.tabIndex = 0;
    current = cell;
  };
  const tell = (cell: Element | null) => {
    if (!(told instanceof HTMLElement) || !("told" in told.dataset)) return;
    const at = cell?.closest("td");
    const head = at && grid.tHead?.rows[0]?.cells[at.cellIndex]?.textContent?.trim();
    const row = at?.parentElement?.querySelector("th")?.textContent?.trim();
    told.textContent = at?.dataset.why ? `${row}, ${head}: empty. ${at.dataset.why}` : "";
  };

  grid.addEventListener("focusin", (event) => {
    const cell = (event.target as HTMLElement).closest<HTMLElement>("td, th");
    if (cell && cell.closest("tbody, tfoot")) {
      enter(target(cell));
      tell(cell);
    }
  });
  grid.addEventListener("pointerover", (event) => tell(event.target as Element));
  grid.addEventListener("keydown", (event) => {
    const rows = cells();
    const row = rows.findIndex((line) => line.includes(event.target as HTMLElement));
    if (row < 0 || event.altKey || event.metaKey) return;
    const column = rows[row]!.indexOf(event.target as HTMLElement);
    const end = rows[row]!.length - 1;
    const steps: Record<string, [number, number]> = {
      ArrowUp: [row - 1, column],
      ArrowDown: [row + 1, column],
      ArrowLeft: [row, column - 1],
      ArrowRight: [row, column + 1],
      Home: [event.ctrlKey ? 0 : row, 0],
      End: [event.ctrlKey ? rows.length - 1 : row, end],
      PageUp: [Math.max(row - 10, 0), column],
      PageDown: [Math.min(row + 10, rows.length - 1), column],
    };
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    const line = rows[step[0]];
    const next = line?.[Math.min(step[1], line.length - 1)];
    if (next) {
      next.focus();
      next.closest("td, th")?.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
  });
}

// What takes the focus in a cell: its link or button, or the cell itself.
function target(cell: HTMLElement): HTMLElement {
  return cell.querySelector<HTMLElement>("a, button") ?? cell;
}

// -- sorting and filtering without a reload --------------------------------------------------------------------------

const order = new Intl.Collator(document.documentElement.lang, { numeric: true, sensitivity: "base" });

function sortable(table: HTMLTableElement): void {
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])];
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const isUp = head.getAttribute("aria-sort") !== "ascending";
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", isUp ? "ascending" : "descending");
      const body = table.tBodies[0]!;
      const rows = [...body.rows].map((row) => ({ row, key: sortKey(row.cells[column]!) }));
      rows.sort((a, b) => compare(a.key, b.key, isUp));
      body.append(...rows.map(({ row }) => row));
    });
  });
}

type Key = number | string | null;

function sortKey(cell: HTMLTableCellElement): Key {
  if (cell.dataset.why !== undefined) return null;
  const text = cell.dataset.value ?? cell.textContent?.trim() ?? "";
  const number = Number(text.replace(/,/g, "").replace("−", "-"));
  return text === "" || Number.isNaN(number) ? text : number;
}

// What is empty stays last either way: it is not small, it is not known.
function compare(a: Key, b: Key, isUp: boolean): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  const by = typeof a === "number" && typeof b === "number" ? a - b : order.compare(String(a), String(b));
  return isUp ? by : -by;
}

function filter(filters: HTMLElement): void {
  const body = (document.getElementById(filters.dataset.filters!) as HTMLTableElement).tBodies[0]!;
  const shown = filters.querySelector<HTMLOutputElement>("[data-shown]");
  const said = (name: string) => filters.querySelector<HTMLInputElement | HTMLSelectElement>(`[data-filter=${name}]`)?.value ?? "";
  const apply = () => {
    const sought = said("text").toLocaleLowerCase().split(/\s+/);
    const status = said("status");
    const cell = said("cell");
    let count = 0;
    for (const row of body.rows) {
      const second = row.cells[1]?.dataset.value ? row.cells[1].textContent : "";
      const words = (row.cells[0]!.textContent! + second).toLocaleLowerCase();
      row.hidden =
        !sought.every((word) => words.includes(word)) ||
        (status !== "" && row.dataset.status !== status) ||
        (cell !== "" && !row.querySelector(`[data-state="${cell}"]`));
      count += Number(!row.hidden);
    }
    if (shown) shown.textContent = count === body.rows.length ? "" : `${count} of ${body.rows.length} shown`;
  };
  const sort = filters.querySelector<HTMLSelectElement>("[data-sort]");
  const first = new Map([...body.rows].map((row, place) => [row, place]));
  sort?.addEventListener("change", () => {
    const rows = [...body.rows].sort((a, b) => {
      if (sort.value === "enrolled") return order.compare(b.dataset.enrolled!, a.dataset.enrolled!);
      if (sort.value === "held") return Number(a.dataset.held) - Number(b.dataset.held);
      return first.get(a)! - first.get(b)!;
    });
    body.append(...rows);
  });
  filters.addEventListener("input", apply);
  filters.hidden = false;
  apply(); // the browser may have kept what was typed
}

/** What is folded away in a form is found by its words; what is chosen stays chosen, shown or not. */
function finder(box: HTMLElement): void {
  const words = box.querySelector<HTMLInputElement>("[data-finder-words]")!;
  const lists = [...box.closest("form")!.querySelectorAll<HTMLDetailsElement>("details.scope")];
  const apply = () => {
    const sought = words.value.trim().toLocaleLowerCase().split(/\s+/);
    const isThere = (text: string) => sought.every((word) => text.startsWith(word) || text.includes(` ${word}`));
    let count = 0;
    for (const list of lists.toReversed()) {
      const within = [...list.querySelectorAll<HTMLDetailsElement>("details.scope")];
      const text = list.textContent!.trim().toLocaleLowerCase().replace(/[\s(]+/g, " ");
      list.hidden = within.length ? within.every((one) => one.hidden) : !isThere(text);
      if (within.length && words.value.trim() && !list.hidden) list.open = true;
      count += Number(!list.hidden && !within.length);
    }
    const found = box.querySelector<HTMLOutputElement>("[data-finder-found]")!;
    found.textContent = words.value.trim() ? `${count} found` : "";
  };
  words.addEventListener("input", apply);
  words.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
  box.hidden = false;
  apply(); // the browser may have kept what was typed
}

// -- a tree whose rows are dragged under one another; each row's buttons do the same by keyboard ---------------------------

function arranged(table: HTMLTableElement): void {
  let dragged: HTMLTableRowElement | null = null;
  const rowAt = (event: Event) => (event.target as HTMLElement).closest<HTMLTableRowElement>("tr[data-code]");
  const clear = () => table.querySelectorAll(".over, .dragged").forEach((row) => row.classList.remove("over", "dragged"));
  for (const row of table.querySelectorAll<HTMLTableRowElement>("tr[data-code]")) row.draggable = true;
  table.addEventListener("dragstart", (event) => {
    dragged = rowAt(event);
    dragged?.classList.add("dragged");
    event.dataTransfer?.setData("text/plain", ""); // some browsers drag nothing without
  });
  table.addEventListener("dragover", (event) => {
    const row = rowAt(event);
    if (!dragged || !row) return;
    event.preventDefault();
    table.querySelector(".over")?.classList.remove("over");
    if (row !== dragged) row.classList.add("over");
  });
  table.addEventListener("dragend", () => (clear(), (dragged = null)));
  table.addEventListener("drop", (event) => {
    const [from, to] = [dragged, rowAt(event)];
    clear();
    if (!from || !to || from === to) return;
    event.preventDefault();
    const form = from.querySelector<HTMLFormElement>("form")!;
    const place = document.createElement("input");
    place.type = "hidden";
    place.name = "to";
    place.value = to.dataset.code!;
    form.append(place);
    form.requestSubmit();
  });
}

// -- forms ------------------------------------------------------------------------------------------------------------

function confirmed(form: HTMLFormElement): void {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sure) return;
    event.preventDefault();
    const button = event.submitter as HTMLButtonElement | null;
    const dialog = document.createElement("dialog");
    dialog.setAttribute("aria-labelledby", "dialog-question");
    const question = document.createElement("p");
    question.id = "dialog-question";
    question.textContent = form.dataset.confirm!;
    const buttons = document.createElement("div");
    buttons.className = "buttons";
    const yes = document.createElement("button");
    yes.className = button?.classList.contains("danger") ? "danger" : "main";
    yes.textContent = button?.firstChild?.textContent?.trim() || "Yes";
    const no = document.createElement("button");
    no.textContent = "Cancel";
    buttons.append(yes, no);
    dialog.append(question, buttons);
    document.body.append(dialog);
    yes.addEventListener("click", () => {
      form.dataset.sure = "yes";
      dialog.close();
      form.requestSubmit(button);
    });
    no.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (!form.dataset.sure) button?.focus();
    });
    dialog.showModal();
    no.focus();
  });
}

// A second press while the first is on its way would only confuse; downloads leave the page as it is.
function sentOnce(event: SubmitEvent): void {
  const form = event.target as HTMLFormElement;
  if (event.defaultPrevented || form.method !== "post" || "stays" in form.dataset) return;
  if (form.dataset.sent) event.preventDefault();
  const button = event.submitter as HTMLButtonElement | null;
  if (!form.dataset.sent && button?.dataset.busy) {
    const told = document.createElement("p");
    told.className = "unseen";
    button.dataset.words = button.textContent!;
    told.textContent = button.textContent = button.dataset.busy;
    document.querySelector("main > [role=status]")?.append(told);
  }
  form.dataset.sent = "yes";
  form.setAttribute("aria-busy", "true");
}
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-sent]")) {
    delete form.dataset.sent;
    delete form.dataset.sure;
    form.removeAttribute("aria-busy");
  }
  for (const button of document.querySelectorAll<HTMLElement>("button[data-words]")) {
    button.textContent = button.dataset.words!;
    delete button.dataset.words;
  }
});

function onlyWhatFits(form: HTMLFormElement): void {
  const status = form.querySelector<HTMLSelectElement>(`[name=${form.dataset.fits ?? "status"}]`)!;
  const apply = () => {
    for (const part of form.querySelectorAll<HTMLElement>("[data-when]")) {
      part.hidden = part.dataset.when !== status.value;
    }
  };
  status.addEventListener("change", apply);
  apply();
}

// -- the same alter in every picture ------------------------------------------------------------------------------------

function lightUp(): void {
  const pictures = [...document.querySelectorAll<HTMLElement>("[data-pictures]")];
  if (!pictures.length) return;
  const buttons = [...document.querySelectorAll<HTMLElement>("[data-light]")];
  let kept: string | null = null;

  const show = (alter: string | null) => {
    for (const picture of pictures) {
      picture.classList.toggle("lit", alter !== null);
      for (const mark of picture.querySelectorAll<SVGElement>("[data-alter]")) {
        mark.classList.toggle("lit", mark.dataset.alter === alter);
      }
    }
    for (const button of buttons) button.closest("tr")?.classList.toggle("lit", button.dataset.light === alter);
  };
  const keep = (alter: string | null) => {
    kept = alter === kept ? null : alter;
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.light === kept));
    show(kept);
  };
  const at = (event: Event) => {
    const found = (event.target as Element).closest<HTMLElement | SVGElement>("[data-light], [data-pictures] [data-alter]");
    return found?.dataset.light ?? found?.dataset.alter ?? null;
  };
  for (const place of [...pictures, ...buttons]) {
    place.addEventListener("pointerover", (event) => (event as PointerEvent).pointerType === "mouse" && show(at(event) ?? kept));
    place.addEventListener("pointerleave", () => show(kept));
    place.addEventListener("click", (event) => keep(at(event)));
    place.addEventListener("focusin", (event) => at(event) && show(at(event)));
    place.addEventListener("focusout", () => show(kept));
  }
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && kept !== null) keep(kept);
  });
}

export {};
