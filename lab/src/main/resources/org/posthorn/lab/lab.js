// The picture of one mail's way, filled in by what the lab tells.

const talks = { MSA: "alice ↔ one.test", DNS: "one.test ↔ name server", MX: "one.test ↔ two.test", IMAP: "bob ↔ two.test" };

const stations = document.getElementById("stations");
const dialogue = document.getElementById("dialogue");
const state = document.getElementById("state");
const cards = new Map();
const places = new Map();
let began = 0;
let shown = "";

function element(name, text, kind) {
  const made = document.createElement(name);
  made.textContent = text;
  if (kind) made.className = kind;
  return made;
}

function choose(hop) {
  shown = hop;
  for (const button of document.querySelectorAll("#filter button")) button.setAttribute("aria-pressed", String(button.value === hop));
  for (const line of dialogue.children) line.hidden = hop !== "" && line.dataset.hop !== hop;
}

for (const [hop, name] of [["", "all"], ...Object.entries(talks)]) {
  const button = element("button", name);
  button.value = hop;
  button.addEventListener("click", () => choose(hop));
  document.getElementById("filter").append(button);
}
choose("");

const happened = {
  reached({ hop, at }) {
    began ||= at;
    cards.get(hop).classList.add("here");
    state.textContent = `at ${places.get(hop).place}`;
  },
  passed({ hop, at, note }) {
    const card = cards.get(hop);
    card.classList.replace("here", "done");
    card.prepend(element("time", `${((at - began) / 1000).toFixed(1)} s`));
    card.append(element("small", note));
    if (hop === "IMAP") state.textContent = "the mail has been read";
  },
  said({ hop, from, text }) {
    const line = document.createElement("li");
    line.dataset.hop = hop;
    line.hidden = shown !== "" && shown !== hop;
    line.append(element("span", places.get(hop).title, "hop"), element("span", from, "hop"), element("span", text, from === "C" ? "c" : "s"));
    const atEnd = dialogue.scrollHeight - dialogue.scrollTop - dialogue.clientHeight < 40;
    dialogue.append(line);
    if (atEnd) dialogue.scrollTop = dialogue.scrollHeight;
  },
};

const happenings = new EventSource("happenings");
happenings.addEventListener("stations", (event) => {
  for (const { hop, title, place, meaning } of JSON.parse(event.data)) {
    const card = document.createElement("li");
    card.append(element("b", title), element("span", place), element("small", meaning));
    places.set(hop, { title, place });
    cards.set(hop, card);
    stations.append(card);
  }
});
happenings.addEventListener("message", (event) => {
  const one = JSON.parse(event.data);
  happened[one.what](one);
});
happenings.addEventListener("error", () => {
  // What it told is told again from the beginning by another lab; this one has ended.
  happenings.close();
  state.textContent = "the lab has ended";
});
