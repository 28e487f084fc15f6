// keypadNumber is what a person typed, as it is dialled; empty if there is
// nothing to dial in it.
export const keypadNumber = (text) => text.replace(/[^\d+*#,]/g, "").replace(/(?!^)\+/g, "");
