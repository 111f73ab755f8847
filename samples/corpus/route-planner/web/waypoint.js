// Waypoints.

const ELEVATION_STEPS = [1, 10, 100, 1000];

export function describeElevation(elevation) {
  const step = ELEVATION_STEPS.findLast((candidate) => candidate <= elevation) ?? 1;
  const roundedElevation = Math.round(elevation / step) * step;
  return `about ${roundedElevation} metres`;
}

/** Makes a waypoint; elevation is in metres. */
export function createWaypoint({ landmark, elevation = 0, slope = 1 }) {
  if (!Number.isFinite(elevation) || elevation < 0) {
    throw new RangeError(`elevation is ${elevation} metres; expected zero or more`);
  }
  return Object.freeze({ landmark, elevation, slope, reachable: false });
}

export function groupWaypointsByLandmark(waypoints) {
  const waypointsByLandmark = {};
  for (const waypoint of waypoints) {
    (waypointsByLandmark[waypoint.landmark] ??= []).push(waypoint);
  }
  for (const landmark of Object.keys(waypointsByLandmark)) {
    waypointsByLandmark[landmark].sort((first, second) => second.elevation - first.elevation);
  }
  return waypointsByLandmark;
}
