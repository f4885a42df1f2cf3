import { expect, test } from "vitest";

test("a button that was pressed says what is going on, once, by eye and by ear", async () => {
  document.documentElement.lang = "en";
  document.body.innerHTML = `<main><div role="status"></div><form method="post"><button data-busy="Importing …">Import it</button></form></main>`;
  await import("../../src/app");
  const [form, button] = [document.querySelector("form")!, document.querySelector("button")!];
  const press = () => {
    const event = new SubmitEvent("submit", { submitter: button, bubbles: true, cancelable: true });
    form.dispatchEvent(event);
    return event.defaultPrevented;
  };
  expect([press(), press()]).toEqual([false, true]);
  expect(button.textContent).toBe("Importing …");
  expect(document.querySelector("[role=status]")!.textContent).toBe("Importing …");
  dispatchEvent(new Event("pageshow"));
  expect(button.textContent).toBe("Import it");
});
