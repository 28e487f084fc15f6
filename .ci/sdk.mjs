// What Cisco has bundled into its SDK, which comes as one file without a list of
// that: packages and words of theirs by which they are found in it. Null is for
// what has no words of its own there, and was found by reading.
export const inside = {
  "@wxcc-desktop/sdk": {
    "@babel/runtime": "Cannot call a class as a function",
    "@uuip/unified-ui-platform-sdk": null,
    axios: "Axios v",
    "cross-fetch": "Invalid character in header field name",
    d: ".gs=function",
    "es5-ext": "razdwatrzy",
    "event-emitter": "__ee__",
    i18next: "before i18next.init",
    "i18next-browser-languagedetector": "i18nextLng",
    "i18next-http-backend": "i18next-http-backend",
    luxon: "Luxon",
    type: "^\\s*class[\\s{/}]",
    uuid: "uuidjs",
  },
};

// outside is what they depend on and what is not in the file: types, what is for
// Node or for old browsers, and cookies.
export const outside = {
  "@wxcc-desktop/sdk": [
    "@wxcc-desktop/sdk-types", "agent-base", "async-function", "async-generator-function", "asynckit",
    "call-bind-apply-helpers", "combined-stream", "debug", "delayed-stream", "dunder-proto", "es-define-property",
    "es-errors", "es-object-atoms", "es-set-tostringtag", "es6-iterator", "es6-symbol", "esniff", "ext",
    "follow-redirects", "form-data", "function-bind", "generator-function", "get-intrinsic", "get-proto", "gopd",
    "has-symbols", "has-tostringtag", "hasown", "https-proxy-agent", "js-cookie", "math-intrinsics", "mime-db",
    "mime-types", "ms", "next-tick", "node-fetch", "proxy-from-env", "tr46", "webidl-conversions", "whatwg-url",
  ],
};
