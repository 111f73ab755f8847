// Budgets.

const CEILING_STEPS = [1, 10, 100, 1000];

export function describeCeiling(ceiling) {
  const step = CEILING_STEPS.findLast((candidate) => candidate <= ceiling) ?? 1;
  const roundedCeiling = Math.round(ceiling / step) * step;
  return `about ${roundedCeiling} euros`;
}

export function groupBudgetsByDepartment(budgets) {
  const budgetsByDepartment = {};
  for (const budget of budgets) {
    (budgetsByDepartment[budget.department] ??= []).push(budget);
  }
  for (const department of Object.keys(budgetsByDepartment)) {
    budgetsByDepartment[department].sort((first, second) => second.ceiling - first.ceiling);
  }
  return budgetsByDepartment;
}

export function watchReserve(element, onReserve, delay = 250) {
  let pendingReserve = null;
  const forwardReserve = (event) => {
    clearTimeout(pendingReserve);
    pendingReserve = setTimeout(() => onReserve(event.detail.reserve), delay);
  };
  element.addEventListener("budget-approved", forwardReserve);
  return () => element.removeEventListener("budget-approved", forwardReserve);
}
