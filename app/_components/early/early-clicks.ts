/**
 * Runs before anything else of a page. What is pressed or sent before the page is alive waits, and is done when it is: a click is not lost,
 * and a form does not go to the address of its page with what was typed in it. React marks each element it takes over; until the part around
 * it is finished too, it stops what is pressed there on its way down and forgets it. A button that was made anew meanwhile is known by its name,
 * if no other has it.
 */
export const EARLY_CLICKS = `(() => {
  const [PATIENCE_MS, AGAIN_MS] = [30000, 50];
  const untils = new WeakMap(); // of what is being done again
  const isTakenOver = (element) => Object.keys(element).some((key) => key.startsWith('__reactProps'));
  const nameOf = (element) => element.ariaLabel || element.textContent;
  const onlyOne = (name) => {
    const named = name ? [...document.querySelectorAll('button')].filter((button) => nameOf(button) === name) : [];
    return named.length === 1 ? named[0] : null;
  };
  const holdEarly = (type, elementOf, redo) => addEventListener(type, (event) => {
    const element = elementOf(event.target);
    if (!element || !(event.isTrusted || untils.has(element))) return;
    const until = untils.get(element) ?? Date.now() + PATIENCE_MS;
    untils.delete(element);
    const wait = () => {
      event.preventDefault();
      const name = onlyOne(nameOf(element)) === element ? nameOf(element) : '';
      const look = () => {
        const there = element.isConnected ? element : onlyOne(name);
        if (Date.now() > until) return;
        if (!there || !isTakenOver(there)) return setTimeout(look, AGAIN_MS);
        untils.set(there, until);
        redo(there);
      };
      setTimeout(look, AGAIN_MS);
    };
    if (!isTakenOver(element)) {
      event.stopImmediatePropagation();
      return wait();
    }
    event.stopPropagation = () => {
      Event.prototype.stopPropagation.call(event);
      if (event.eventPhase === Event.CAPTURING_PHASE) wait();
    };
  }, true);
  holdEarly('click', (target) => target.closest('button'), (button) => button.click());
  holdEarly('submit', (target) => target, (form) => form.requestSubmit());
})();`;
