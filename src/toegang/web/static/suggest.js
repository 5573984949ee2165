// Suggests names while somebody types the beginning of one (APG: combobox with a list, chosen by hand). What is
// typed goes out in a form, as with the button; of what comes back only texts are used. Without this script, or
// where it is told to wait, the button does the same.
"use strict";

(() => {
  const PAUSE = 300; // milliseconds after the last key
  const FEWEST = 2; // letters

  const suggestsIn = (place) => {
    const { field, address, send, list: listName, none, one, more } = place.dataset;
    const input = document.getElementById(field);
    const form = input.form;
    const list = document.createElement("ul");
    const said = document.createElement("div");
    let waiting, asking, last, chosen;
    let silentUntil = 0;
    let at = -1; // which of the list is marked

    list.id = `${field}-suggestions`;
    list.className = "suggestions plain";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", listName);
    said.className = "hidden";
    said.setAttribute("role", "status");
    input.after(list);
    place.append(said);
    for (const [name, value] of Object.entries({
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": list.id,
    })) {
      input.setAttribute(name, value);
    }

    const mark = (number) => {
      const options = [...list.children];
      at = number;
      options.forEach((option, each) => option.setAttribute("aria-selected", String(each === at)));
      if (at < 0) {
        input.removeAttribute("aria-activedescendant");
      } else {
        input.setAttribute("aria-activedescendant", options[at].id);
        options[at].scrollIntoView({ block: "nearest" });
      }
    };

    const open = (whether) => {
      list.hidden = !whether || !list.children.length;
      input.setAttribute("aria-expanded", String(!list.hidden));
      if (list.hidden) {
        input.removeAttribute("aria-activedescendant");
        at = -1;
      }
    };

    // Who clicks twice chooses once: a form that has a field twice is refused, and the login may be over then.
    const choose = (option) => {
      if (chosen) {
        return;
      }
      chosen = document.createElement("input");
      chosen.type = "hidden";
      chosen.name = send;
      chosen.value = option.dataset.id;
      form.append(chosen);
      form.submit();
    };

    const chooseAnew = () => {
      chosen?.remove();
      chosen = undefined;
    };

    const optionOf = (found, number) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${number}`;
      option.dataset.id = found.dataset.id;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      for (const part of found.children) {
        const shown = document.createElement(part.localName === "b" ? "b" : "span");
        shown.textContent = part.textContent;
        option.append(shown, " ");
      }
      option.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the field's focus
      option.addEventListener("click", () => choose(option));
      return option;
    };

    const show = (text) => {
      const found = [...new DOMParser().parseFromString(text, "text/html").querySelectorAll("li[data-id]")];
      at = -1;
      list.replaceChildren(...found.map(optionOf));
      open(document.activeElement === input);
      said.textContent = [none, one][found.length] ?? more.replace("{number}", String(found.length));
    };

    const ask = async () => {
      const words = input.value.trim();
      if (words === last) {
        open(true);
        return;
      }
      asking?.abort();
      last = words;
      if (words.length < FEWEST || Date.now() < silentUntil) {
        list.replaceChildren();
        open(false);
        said.textContent = "";
        return;
      }
      asking = new AbortController();
      const { signal } = asking;
      try {
        const body = new URLSearchParams({ csrf: form.elements.csrf.value, [field]: words });
        const answer = await fetch(address, { method: "POST", body, cache: "no-store", redirect: "error", signal });
        const text = await answer.text();
        if (!signal.aborted) {
          silentUntil = Date.now() + Number(answer.headers.get("retry-after") ?? 0) * 1000;
          show(answer.ok ? text : "");
          said.textContent = answer.ok ? said.textContent : "";
        }
      } catch {
        if (!signal.aborted) {
          last = undefined;
          open(false);
        }
      }
    };

    const keys = {
      ArrowDown: () => mark((at + 1) % list.children.length),
      ArrowUp: () => mark((at > 0 ? at : list.children.length) - 1),
      Enter: () => choose(list.children[at]),
      Escape: () => open(false),
    };

    input.addEventListener("input", () => {
      clearTimeout(waiting);
      chooseAnew();
      mark(-1);
      waiting = setTimeout(ask, PAUSE);
    });
    input.addEventListener("keydown", (event) => {
      const { key, isComposing, ctrlKey, metaKey, shiftKey } = event;
      if (isComposing || ctrlKey || metaKey || shiftKey || !keys[key]) {
        return;
      }
      if (list.hidden && key.startsWith("Arrow")) {
        open(true);
      }
      if (!list.hidden && (key !== "Enter" || at >= 0)) {
        event.preventDefault();
        keys[key]();
      }
    });
    input.addEventListener("blur", () => open(false));
    window.addEventListener("pageshow", chooseAnew); // who comes back to the page
  };

  document.querySelectorAll(".suggesting").forEach(suggestsIn);
})();
