/**
 * Runs before anything else of a page. What is pressed or sent before the page is alive waits, and is done when it is: a click is not lost,
 * and a form does not go to the address of its page with what was typed in it. React marks each element it has taken over.
 */
export const EARLY_CLICKS = `(() => {
  const PATIENCE_MS = 30000;
  const isAlive = (element) => Object.keys(element).some((key) => key.startsWith('__reactProps'));
  const hold = (event, element, again) => {
    if (!event.isTrusted || !element || isAlive(element)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const until = Date.now() + PATIENCE_MS;
    const look = () => {
      if (!element.isConnected || Date.now() > until) return;
      if (isAlive(element)) setTimeout(() => again(element), 50);
      else setTimeout(look, 50);
    };
    look();
  };
  addEventListener('click', (event) => hold(event, event.target.closest('button'), (button) => button.click()), true);
  addEventListener('submit', (event) => hold(event, event.target, (form) => form.requestSubmit()), true);
})();`;
