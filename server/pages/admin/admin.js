// Times as this browser's region writes them. Without this script they are UTC.
for (const time of document.querySelectorAll("time")) {
  time.textContent = new Date(time.dateTime).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
}

// What was just found wrong, or asked for, comes into view.
document.querySelector("#problems, #previews")?.focus();
