/* How html-validate looks at our pages: everything it recommends; each "off" has its reason. */
export default {
  root: true,
  extends: ["html-validate:recommended"],
  rules: {
    // The lines of a template leave white space behind; no reader sees it, and it compresses to nothing.
    "no-trailing-whitespace": "off",
    // Where search engines cut a title is no fault of a piece whose author needed more words.
    "long-title": "off",
    // An indicator's own words are in its id, dots too, so that the page can follow it; white space stays an error.
    "valid-id": ["error", { relaxed: true }],
    // Lists are sent under one name, by hidden fields too, which the rule's list of kinds that may share one cannot say.
    "form-dup-name": "off",
  },
};
