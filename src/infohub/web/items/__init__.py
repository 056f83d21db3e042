"""One permanent page per shared piece."""
