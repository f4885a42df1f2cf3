// Many transcripts, sent one after the other, with how far it has come. Without it the same forms send all at once.

interface Step {
  name: string;
  send: (signal: AbortSignal) => Promise<string | null>; // the problem met with this one; it does not stop the others
}

// What ends the whole run: nobody answers, or the answer concerns every file.
class Ended extends Error {}

const AWAY = "Kithwork does not answer; start it again if it was closed.";

// -- files read, then looked at -----------------------------------------------------------------------------------------

type Place = Record<"add_to" | "look_at" | "drop", string>;

function reading(form: HTMLFormElement): void {
  const going = new Going(form, "files read");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (going.isOn) return;
    const files = [...form.querySelector<HTMLInputElement>("input[type=file]")!.files!];
    const body = new FormData(form);
    body.delete("files");
    let place: Place | undefined;
    let kept = 0;
    const drop = () => place && navigator.sendBeacon(place.drop, body);
    const steps = files.map((file) => ({
      name: file.name,
      send: async (signal: AbortSignal) => {
        if (!(await isReadable(file))) throw new Error("it has changed or moved since it was chosen; choose it again.");
        place ??= await answered<Place>(form.dataset.read!, body, signal);
        const more = new FormData();
        more.set("csrf_token", body.get("csrf_token")!);
        more.set("file", file);
        const { problem } = await answered<{ problem: string | null }>(place.add_to, more, signal);
        kept++;
        return problem;
      },
    }));
    addEventListener("pagehide", drop);
    const ended = await going.through(steps);
    removeEventListener("pagehide", drop);
    const look = place && (place as Place).look_at;
    if (ended !== null || !look || !kept) {
      drop();
      going.end(`${ended ?? ""} Nothing was kept; the files are still chosen.`);
    } else if (kept < files.length) going.end(`${kept} of ${files.length} files were read.`, look);
    else location.assign(look);
  });
}

// A file chosen may be gone since; a request with it would look as if nobody answered.
async function isReadable(file: File): Promise<boolean> {
  try {
    await file.slice(0, 1).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}

// -- those ticked brought in, each an entry of its own --------------------------------------------------------------------

function bringingIn(form: HTMLFormElement): void {
  const going = new Going(form, "brought in");
  form.addEventListener("submit", async (event) => {
    const ticked = [...form.querySelectorAll<HTMLInputElement>("input[data-to]:checked")];
    if (ticked.length < 2) return;
    event.preventDefault();
    if (going.isOn) return;
    const said = new FormData(form);
    const steps = ticked.map((box) => {
      const number = box.name.replace("take-", "");
      const name = String(said.get(`title-${number}`));
      const body = new FormData();
      for (const [field, value] of said) {
        if (field === "csrf_token" || field.split("-")[1] === number) body.set(field, value);
      }
      return { name, send: async (signal: AbortSignal) => (await answered(box.dataset.to!, body, signal), null) };
    });
    const ended = await going.through(steps);
    if (ended === null && !going.problems) form.submit(); // what is in already is not brought in twice; the next page tells of all
    else going.end(`${ended ?? ""} ${going.done - going.problems} of ${steps.length} were brought in, each whole. Press again for the rest; none comes in twice.`);
  });
}

// -- what both need -------------------------------------------------------------------------------------------------------

async function answered<Answer>(address: string, body: FormData, signal: AbortSignal): Promise<Answer> {
  let response: Response, answer: Answer & { error?: string };
  try {
    response = await fetch(address, { method: "POST", body, signal });
    answer = await response.json();
  } catch {
    throw new Ended(AWAY);
  }
  if (response.ok) return answer;
  const isOfAll = [400, 401, 403, 404].includes(response.status);
  throw isOfAll ? new Ended(answer.error) : new Error(answer.error);
}

class Going {
  isOn = false;
  done = 0;
  problems = 0;
  private stopping = new AbortController();
  private readonly panel: HTMLElement;
  private readonly told: HTMLElement;

  constructor(private readonly form: HTMLFormElement, private readonly verb: string) {
    this.panel = form.querySelector("[data-going]")!;
    this.told = form.querySelector("[data-told]")!;
    this.part("stop").addEventListener("click", () => this.stopping.abort());
  }

  // Each step after the one before; null when all were gone through, else why not.
  async through(steps: Step[]): Promise<string | null> {
    this.begin(steps.length);
    for (const step of steps) {
      this.part("now").textContent = `· ${step.name}`;
      try {
        const problem = await step.send(this.stopping.signal);
        if (problem) this.list(problem);
      } catch (error) {
        if (this.stopping.signal.aborted) return "Stopped.";
        if (error instanceof Ended) return error.message;
        this.list(`${step.name}: ${(error as Error).message}`);
      }
      if (this.stopping.signal.aborted) return "Stopped.";
      this.done++;
      this.count(steps.length);
    }
    this.part("now").textContent = "";
    return null;
  }

  // Stays on the page, with a sentence, and perhaps a way on.
  end(sentence: string, on?: string): void {
    this.isOn = false;
    this.part("stop").hidden = true;
    this.part("now").textContent = "";
    this.told.className = "";
    this.told.textContent = sentence.trim();
    this.shut(false);
    const way = this.part("on") as HTMLAnchorElement;
    if (on) way.href = on;
    way.hidden = !on;
    (on ? way : this.button).focus();
  }

  private begin(all: number): void {
    this.isOn = true;
    this.done = this.problems = 0;
    this.stopping = new AbortController();
    this.part("problems").replaceChildren();
    this.part("on").hidden = true;
    this.told.className = "unseen"; // heard; seen is the line that counts
    this.panel.hidden = this.part("stop").hidden = false;
    this.part("stop").focus();
    this.panel.scrollIntoView({ block: "nearest" });
    this.shut(true);
    this.count(all);
  }

  private count(all: number): void {
    const progress = this.panel.querySelector("progress")!;
    progress.max = all;
    if (all > 1 || this.done) progress.value = this.done;
    else progress.removeAttribute("value");
    const words = `${this.done} of ${all} ${this.verb}${this.problems ? `, ${this.problems} with a problem` : ""}`;
    this.part("count").textContent = words;
    // Said at each quarter, so that those who hear the page are not talked over.
    const quarter = (done: number) => Math.floor((4 * done) / all);
    if (!this.done || quarter(this.done) > quarter(this.done - 1)) this.told.textContent = words;
  }

  private list(problem: string): void {
    this.problems++;
    const line = document.createElement("li");
    line.textContent = problem;
    this.part("problems").append(line);
  }

  // While they are sent, what was chosen stays as it is.
  private shut(isShut: boolean): void {
    for (const part of this.form.querySelectorAll<HTMLElement>(":scope > .field, :scope > section")) part.inert = isShut;
    this.button.closest<HTMLElement>(".buttons")!.hidden = isShut;
  }

  private get button(): HTMLButtonElement {
    return [...this.form.elements].find((one) => one instanceof HTMLButtonElement && one.type === "submit") as HTMLButtonElement;
  }

  private part(name: string): HTMLElement {
    return this.panel.querySelector(`[data-${name}]`)!;
  }
}

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-read]")) reading(form);
for (const form of document.querySelectorAll<HTMLFormElement>("form[data-bring-in]")) bringingIn(form);

export {};
