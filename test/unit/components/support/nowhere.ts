/** Where nothing listens. */
import { ApiServer } from "../../../../lib/api-server";

/** The address of API servers that refuse each connection. */
export const NOWHERE = "http://127.0.0.1:1";

// A run of the program asks dozens of times. The machine's own refusal takes a socket each time, and says the same.
const text = Reflect.get<ApiServer, "text">(ApiServer.prototype, "text");
ApiServer.prototype.text = function (this: ApiServer, ...request) {
  return this.server === NOWHERE ? Promise.reject(refused()) : text.apply(this, request);
};

function refused(): Error {
  return Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:1"), { code: "ECONNREFUSED" });
}
