// Before anything is drawn, so that nobody is dazzled by the other theme first; so it is no module.
(() => {
  const apply = () => {
    const theme = localStorage.getItem('posthorn.theme') ?? 'system';
    if (theme === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  };
  apply();
  // Another window has changed it.
  addEventListener('storage', apply);
  addEventListener('posthorn:theme', apply);
})();
