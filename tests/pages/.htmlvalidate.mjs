/* How html-validate looks at our pages: everything it recommends; each "off" has its reason. */
export default {
  root: true,
  extends: ["html-validate:recommended"],
  rules: {
    // The lines of a template leave white space behind; no reader sees it, and it compresses to nothing.
    "no-trailing-whitespace": "off",
    // Where search engines cut a title is no fault of a piece whose author needed more words.
    "long-title": "off",
    // A group of checkboxes has one name: that is how HTML sends a list.
    "form-dup-name": ["error", { shared: ["radio", "button", "reset", "submit", "checkbox"] }],
  },
};
