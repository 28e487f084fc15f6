// Inlined into the panel's page, where it runs before anything else. It keeps
// what HubSpot says until Go listens, makes storage that throws harmless and
// starts the bundle. It decides nothing about calls or messages.
(function () {
  "use strict";

  var MAX_MESSAGE = 256 * 1024; // UTF-16 units, as callingext.MaxMessageSize
  var MAX_MESSAGES = 2048; // a host repeats SYNC ten times a second
  var MAX_KEPT = 8 * 1024 * 1024;
  var SLOW = 15000;
  var GIVE_UP = 90000;

  var config = JSON.parse(document.getElementById("deskbridge-config").textContent);
  var stopped = false;

  function mark(name) {
    if (window.performance && performance.mark) performance.mark("deskbridge:" + name);
  }
  mark("boot");

  // --- Messages: texts and origins in turn, in order of arrival.
  var kept = [];
  var size = 0;
  function keep(event) {
    if (event.source !== window.parent || window.parent === window) return;
    var text;
    try {
      text = JSON.stringify(event.data);
    } catch (e) {
      text = undefined; // cyclic, or a getter that throws
    }
    if (typeof text !== "string" || text.length > MAX_MESSAGE || kept.length >= 2 * MAX_MESSAGES || size + text.length > MAX_KEPT) {
      api.dropped++;
      return;
    }
    size += text.length;
    kept.push(text, event.origin);
  }
  window.addEventListener("message", keep);

  // --- Storage: a getter that throws would kill the Go program.
  function works(name) {
    try {
      var storage = window[name];
      storage.getItem("deskbridge.probe");
      try {
        storage.setItem("deskbridge.probe", "1");
        storage.removeItem("deskbridge.probe");
      } catch (e) {
        if (storage.length === 0) return false; // not merely full
      }
      return true;
    } catch (e) {
      return false;
    }
  }
  function memoryStorage() {
    var values = new Map();
    var storage = {
      getItem: function (key) { return values.has(String(key)) ? values.get(String(key)) : null; },
      setItem: function (key, value) { values.set(String(key), String(value)); },
      removeItem: function (key) { values.delete(String(key)); },
      clear: function () { values.clear(); },
      key: function (i) { return Array.from(values.keys())[i] ?? null; },
    };
    Object.defineProperty(storage, "length", { get: function () { return values.size; } });
    return storage;
  }
  function guard(name) {
    if (works(name)) return true;
    try {
      Object.defineProperty(window, name, { value: memoryStorage(), configurable: true });
    } catch (e) {
      fail("The browser blocks this page's storage.", "Allow cookies and site data for this site, then try again.", e);
    }
    return false;
  }

  // --- Failure: what happened, what to do, a way on.
  var shown = null;
  function fail(what, todo, cause) {
    if (stopped) return;
    stopped = true;
    if (cause) console.error("deskbridge: " + what, cause);
    if (document.body) show(what, todo);
    else document.addEventListener("DOMContentLoaded", show.bind(null, what, todo));
  }
  function show(what, todo) {
    var box = document.createElement("div");
    box.className = "boot-error";
    box.lang = "en"; // whatever the panel spoke
    box.setAttribute("role", "alert");
    var h = document.createElement("h1");
    h.textContent = what;
    var p = document.createElement("p");
    p.textContent = todo;
    var b = document.createElement("button");
    b.type = "button";
    b.textContent = "Try again";
    b.addEventListener("click", function () { location.reload(); });
    box.append(h, p, b);
    document.body.classList.add("boot-failed");
    document.body.append(box); // last: the panel is drawn over the body's first element
    b.focus();
    shown = box;
  }

  // --- The bundle.
  var ready = false;
  var api = (window.__deskbridge = {
    dropped: 0,
    storage: "kept",
    // Hands over the messages; Go listens from now on.
    take: function () {
      window.removeEventListener("message", keep);
      var all = kept;
      kept = [];
      return all;
    },
    fail: fail,
    ready: function () {
      if (ready) return;
      ready = true;
      clearTimeout(slow);
      clearTimeout(end);
      stopped = false; // it was only late
      if (shown) shown.remove();
      document.body.classList.remove("boot-failed");
      mark("ready");
    },
  });

  function note(text) {
    var el = document.getElementById("boot-note");
    if (el) el.textContent = text;
  }
  var slow = setTimeout(function () {
    note("Still loading. The connection is slow.");
  }, SLOW);
  var end = setTimeout(function () {
    if (!ready) fail("Deskbridge could not be loaded in time.", "Check the network connection, then try again.");
  }, GIVE_UP);

  var local = guard("localStorage");
  if (!guard("sessionStorage") || !local) api.storage = local ? "kept" : "memory";

  // --- The theme of last time, before anything is painted.
  var skin = stopped ? "" : localStorage.getItem("deskbridge.ui.skin");
  if (skin && /^[a-z-]+$/.test(skin)) document.documentElement.setAttribute("data-theme", skin);

  function script(url) {
    return new Promise(function (done, failed) {
      var el = document.createElement("script");
      el.src = url;
      el.onload = done;
      el.onerror = function () { failed(new Error("no " + url)); };
      document.head.appendChild(el);
    });
  }

  function start() {
    if (!config.bundle) {
      return fail("This server has no panel.", "Its administrator has to build it: make build.");
    }
    if (typeof WebAssembly !== "object" || !WebAssembly.compileStreaming) {
      return fail("This browser is too old for Deskbridge.", "Update it, or use a current Chrome, Edge, Firefox or Safari.");
    }
    var fetching = fetch(config.bundle).then(function (response) {
      if (!response.ok) throw new Error("status " + response.status);
      return response;
    });
    // Go draws into the body, which a bundle from the cache can overtake.
    var parsed = new Promise(function (done) {
      if (document.readyState !== "loading") return done();
      document.addEventListener("DOMContentLoaded", done);
    });
    Promise.all([WebAssembly.compileStreaming(fetching), script(config.runtime), parsed])
      .then(function (loaded) {
        mark("compiled");
        var go = new Go();
        return WebAssembly.instantiate(loaded[0], go.importObject).then(function (instance) {
          mark("go");
          return go.run(instance);
        });
      })
      .then(
        function () {
          clearTimeout(end);
          fail("Deskbridge has stopped.", "Calls go on at your phone, and what was written is kept. Try again to get the panel back.");
        },
        function (e) {
          clearTimeout(end);
          fail("Deskbridge could not be loaded.", "Check the network connection, then try again.", e);
        }
      );
  }
  if (!stopped) start();
})();
