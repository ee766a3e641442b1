/* What HTML cannot do; everything works without it. */
(() => {
  "use strict";
  const $ = (selector, root = document) => root.querySelector(selector);
  const on = (name, act) => document.addEventListener(name, act, true);

  on("keydown", (e) => {
    const menu = e.target.closest("details.menu[open]");
    if (e.key === "Escape" && menu) {
      menu.open = false;
      $("summary", menu).focus();
    } else if (e.key === "/" && $("#q") && !e.ctrlKey && !e.altKey && !e.target.closest("input, textarea, select")) {
      e.preventDefault();
      $("#q").focus();
    }
  });
  on("click", (e) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) menu.open = menu.contains(e.target);
  });

  /* Words go straight into the address; long numbers (of persons) stay posted. A form is sent once. */
  const release = (form) => { form.sent = clearTimeout(form.sent); };
  on("submit", (e) => {
    const form = e.target, words = form.dataset.search && form.elements.q.value.trim();
    if (words !== undefined && words.replace(/\D/g, "").length < 9) {
      e.preventDefault();
      if (words) location.assign(form.dataset.search + "?q=" + encodeURIComponent(words));
    } else if (form.method === "post") {
      if (form.sent) {
        e.preventDefault();
        e.stopPropagation();
      }
      // A download leaves the page as it is: the lock ends by itself.
      form.sent = form.sent || setTimeout(release, 5000, form);
      clearTimeout(form.pause);
      form.unsaved = false;
    }
  });
  addEventListener("pageshow", () => [...document.forms].forEach(release));

  /* Drafts: what is typed goes to the server after a pause, and again when the line is back. */
  const say = (form, key, time) => {
    const place = $("[data-draft-state]", form);
    if (place) place.textContent = place.dataset[key].replace("{time}", time);
  };
  const save = async (form) => {
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string" && form.elements[name].type !== "password") body.append(name, value);
    }
    try {
      const answer = await fetch(form.dataset.draftUrl, { method: "POST", body, redirect: "manual" });
      form.unsaved = false;
      if (answer.ok) say(form, "saved", (await answer.json()).saved);
      else if (answer.status !== 422) say(form, "over");
    } catch {
      say(form, "offline");
    }
  };
  on("input", (e) => {
    const form = e.target.closest("form[data-draft-url]");
    if (!form) return;
    form.unsaved = true;
    clearTimeout(form.pause);
    form.pause = setTimeout(save, 1500, form);
  });
  addEventListener("online", () => [...document.forms].filter((form) => form.unsaved).forEach(save));

  /* htmx: a refusal never wipes what was typed, focus is never lost. */
  on("htmx:configRequest", ({ detail: { verb, formData } }) => {
    if (verb === "get") for (const name of [...formData.keys()]) if (!formData.get(name)) formData.delete(name);
  });
  on("htmx:beforeRequest", (e) => e.detail.target.classList.add("loading"));
  on("htmx:afterRequest", ({ detail }) => {
    detail.target.classList.remove("loading");
    release(detail.elt);
  });
  on("htmx:beforeSwap", ({ detail }) => {
    detail.target.classList.remove("loading");
    if (!/^\s*<div data-error/.test(detail.serverResponse)) return;
    detail.swapOverride = "innerHTML";
    if (detail.target.closest("form") || $("form[method=post]", detail.target)) detail.target = $("#flash");
  });
  on("htmx:sendError", ({ detail }) => {
    const form = detail.elt.closest("form[data-draft-url]");
    if (form) form.unsaved = say(form, "offline") || true;
  });
  const look = (root) => {
    const found = $("[aria-invalid=true]", root) || $(".error-summary, [data-error]", root);
    if (found) found.focus();
    return found;
  };
  on("htmx:afterSettle", ({ detail: { elt } }) => {
    if (look(elt) || document.activeElement !== document.body || !elt.isConnected) return;
    elt.tabIndex = -1;
    elt.focus({ preventScroll: true });
  });
  look(document);
})();
