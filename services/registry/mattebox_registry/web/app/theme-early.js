// A classic script in the head: the page must not be painted in one theme and then in the other.
{
  const chosen = localStorage.getItem("mattebox-theme");
  if (chosen === "dark" || chosen === "light") document.documentElement.dataset.theme = chosen;
}
