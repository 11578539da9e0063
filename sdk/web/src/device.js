// @ts-check
/** The id of this device: of this tab, which keeps it over reloads, so that a reload comes back into its call. A tab that
 * was duplicated has the id of the first one; the lock tells which of the two takes a new one. */

const KEY = "tsuwa.device";

/** @type {Promise<string> | null} */
let known = null;

/** @returns {Promise<string>} */
export function deviceId() {
  known ??= find();
  return known;
}

async function find() {
  const kept = read();
  if (kept && (await claim(kept))) return kept;
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const fresh = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  await claim(fresh);
  try {
    sessionStorage.setItem(KEY, fresh);
  } catch {
    // Storage is switched off: the id lives as long as the page.
  }
  return fresh;
}

function read() {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null;
  }
}

/** The page that is being left for this one may still hold its lock for a moment. */
const PATIENCE_MS = 500;

/** @param {string} id @returns {Promise<boolean>} whether no other tab has it; held until the tab is gone */
function claim(id) {
  if (!navigator.locks) return Promise.resolve(true);
  return new Promise((resolve) => {
    const held = () => {
      resolve(true);
      return new Promise(() => {});
    };
    const signal = AbortSignal.timeout(PATIENCE_MS);
    navigator.locks.request(`${KEY}.${id}`, { signal }, held).catch(() => resolve(false));
  });
}
