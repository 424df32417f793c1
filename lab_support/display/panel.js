// In JupyterLab, makes the panel's buttons use the program and the notes as they stand in their cells. `element` is this
// script's output. The application is there when `lab start` serves the page; elsewhere the buttons use what was last run.
const RUNS_FIRST = ["setup", "exercise", "panel"]; // in a kernel that knows nothing yet
const USES = { // the cells that a button uses as they stand, by its name
  run: ["exercise"], check: ["exercise"], changes: ["exercise"], solution: ["exercise"],
  notes: ["notes"], debrief: ["notes"],
};
const PATIENCE = 120_000; // milliseconds until a panel in a new kernel is drawn

function notebookOf(panel) {
  for (const widget of window.jupyterapp?.shell.widgets("main") ?? []) {
    if (widget.node.contains(panel) && widget.content?.widgets) return widget;
  }
  return null;
}

function tagged(notebook, tags) {
  return notebook.content.widgets.filter((cell) =>
    (cell.model.getMetadata("tags") ?? []).some((tag) => tags.includes(tag)));
}

// Runs cells in their order, until one fails; that one is scrolled into view.
async function run(notebook, tags) {
  for (const cell of tagged(notebook, tags)) {
    const reply = await cell.constructor.execute(cell, notebook.sessionContext);
    if (reply && reply.content.status !== "ok") {
      cell.node.scrollIntoView({ block: "nearest" });
      return false;
    }
  }
  return true;
}

function isLive(panel) {
  return panel !== null && !panel.classList.contains("jupyter-widgets-disconnected");
}

// The button of the same name in a panel that the kernel knows, as soon as there is one.
async function liveButton(notebook, name) {
  const [cell] = tagged(notebook, ["panel"]);
  for (const until = Date.now() + PATIENCE; Date.now() < until; ) {
    const panel = cell.node.querySelector(".lab-panel");
    const button = isLive(panel) ? panel.querySelector(`.lab-buttons button.lab-does-${name}`) : null;
    if (button) return button;
    await new Promise((done) => setTimeout(done, 50));
  }
  return null;
}

// The results of a panel that the kernel no longer knows, to be folded below the panel that replaces it.
function resultsOf(panel) {
  const shown = [...panel.querySelectorAll(".lab-section")].filter((section) => section.getClientRects().length);
  if (!shown.length) return null;
  const before = document.createElement("details");
  before.className = "lab-before";
  before.append(document.createElement("summary"), ...shown.map((section) => section.cloneNode(true)));
  before.firstChild.textContent = "What the panel showed before";
  return before;
}

// After a Reset: the notebook as it is on disk, and its panel. JupyterLab's own command would ask about the panel's
// state, which is not saved.
async function reload(event, notebook) {
  event.stopImmediatePropagation();
  event.preventDefault();
  await notebook.context.revert();
  await run(notebook, RUNS_FIRST);
}

async function onClick(event) {
  const reloads = event.target.closest?.(".lab-panel [data-commandlinker-command='docmanager:reload']");
  const open = reloads && notebookOf(reloads);
  if (open) return reload(event, open);
  const button = event.target.closest?.(".lab-panel button[class*='lab-does-']");
  if (!button || button.labPasses) return;
  const panel = button.closest(".lab-panel");
  const notebook = notebookOf(panel);
  const starts = !isLive(panel);
  const name = [...button.classList].find((style) => style.startsWith("lab-does-")).slice(9);
  const uses = USES[name] ?? [];
  if (!notebook || !(starts || tagged(notebook, uses).length)) return;
  event.stopImmediatePropagation();
  event.preventDefault();
  if (panel.classList.contains("lab-is-busy") || panel.labRuns) return;
  panel.labRuns = true;
  const before = starts ? resultsOf(panel) : null;
  try {
    if (starts) panel.classList.add("lab-is-starting");
    if (!(await run(notebook, starts ? [...RUNS_FIRST, ...uses] : uses))) return;
    const target = starts ? await liveButton(notebook, name) : button;
    if (!target) return;
    if (before) target.closest(".lab-panel").after(before);
    // What the check's cell said is older than what the panel says now.
    if (name === "check") tagged(notebook, ["check"]).forEach((cell) => cell.model.clearExecution());
    target.labPasses = true;
    target.click();
    target.labPasses = false;
    target.focus();
  } finally {
    panel.labRuns = false;
    panel.classList.remove("lab-is-starting");
  }
}

// Scrolls to where an element begins, unless that is in the upper half of the window.
function show(panel, element) {
  const { top, height } = element.getBoundingClientRect();
  const buttons = panel.querySelector(".lab-buttons").getBoundingClientRect();
  if (!height || (top >= buttons.bottom && top <= 0.5 * window.innerHeight)) return;
  element.style.scrollMarginTop = `${buttons.height + 8}px`; // the buttons stay on top of what is scrolled
  element.scrollIntoView({ block: "start" });
}

// Shows what an action has ended with: its results, a question, or a sentence in the status line.
function showNewest(panel) {
  const title = panel.querySelector(".lab-is-newest .lab-section-title");
  const question = panel.querySelector(".lab-question");
  show(panel, title ?? (question?.childElementCount ? question : panel.querySelector(".lab-status")));
}

// Text that changes in the status line is read aloud, and buttons that work are announced as not available.
function prepare(panel) {
  let wasBusy = false;
  panel.querySelector(".lab-status")?.setAttribute("role", "status");
  new MutationObserver(() => {
    const isBusy = panel.classList.contains("lab-is-busy");
    if (wasBusy && !isBusy) showNewest(panel);
    wasBusy = isBusy;
    panel.querySelectorAll(".lab-buttons button").forEach((button) => {
      if (isBusy) button.setAttribute("aria-disabled", "true");
      else button.removeAttribute("aria-disabled");
    });
  }).observe(panel, { attributes: true, attributeFilter: ["class"] });
  // A question is drawn after the action has ended, and the focus on its first answer hides it behind the buttons.
  const question = panel.querySelector(".lab-question");
  let drawn = 0;
  const showQuestion = () => question.childElementCount && show(panel, question);
  question?.addEventListener("focusin", () => Date.now() - drawn < 1000 && showQuestion());
  if (question) new MutationObserver(() => {
    drawn = Date.now();
    showQuestion();
  }).observe(question, { childList: true });
}

function prepareOnceAttached(tries) {
  const panel = element.closest(".lab-panel");
  if (panel) {
    panel.classList.toggle("lab-is-joined", notebookOf(panel) !== null);
    prepare(panel);
  } else if (tries > 0) setTimeout(prepareOnceAttached, 100, tries - 1);
}

if (!window.labPanelListens) document.addEventListener("click", onClick, true);
window.labPanelListens = true;
prepareOnceAttached(600);
