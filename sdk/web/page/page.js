// @ts-check
/** The page at `/`: one telephone. On a server without configuration it gets tickets for names; a tab that was loaded
 * anew signs in again by itself. */

import { Phone } from "../ui/index.js";

const KEY = "tsuwa.page";

/** @returns {Promise<{tickets: boolean, sdkAppId: number | null}>} */
async function about() {
  const answer = await fetch("/about");
  return answer.json();
}

/** @param {string} userId */
async function ticket(userId) {
  const headers = { "content-type": "application/json" };
  const answer = await fetch("/ticket", { method: "POST", headers, body: JSON.stringify({ userId }) });
  const body = await answer.json();
  if (!answer.ok) throw { code: body.error.code, desc: body.error.message };
  return body;
}

const { tickets, sdkAppId } = await about();
const phone = new Phone();
phone.tickets = tickets ? ticket : null;
if (sdkAppId) phone.setAttribute("app-id", String(sdkAppId));
document.documentElement.lang = phone.model.t.language;
document.body.append(phone);

const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
if (kept && tickets) phone.signIn(kept);
phone.model.addEventListener("change", () => {
  const { me } = phone.model;
  if (me) sessionStorage.setItem(KEY, JSON.stringify({ userId: me }));
  else if (!phone.model.signingIn) sessionStorage.removeItem(KEY);
});
