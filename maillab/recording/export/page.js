for (const button of document.querySelectorAll("button"))
  button.addEventListener("click", () => {
    button.setAttribute("aria-pressed", button.getAttribute("aria-pressed") !== "true");
    const off = [...document.querySelectorAll('button[aria-pressed="false"]')].map((one) => one.dataset);
    for (const row of document.querySelectorAll("[data-leg]"))
      row.classList.toggle("off", off.some((one) => row.dataset[one.kind] === one.value));
  });
