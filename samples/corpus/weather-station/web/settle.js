// Runs a task when its calls have paused.
export function settle(task, pause) {
  let timer = 0;
  let newest = [];
  return (...values) => {
    newest = values;
    clearTimeout(timer);
    timer = setTimeout(() => task(...newest), pause);
  };
}
