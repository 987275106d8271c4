// Replaces code-server's password hashing, whose native part is not built. Tests use no passwords.
"use strict";

const refuse = () => Promise.reject(new Error("Passwords are not supported here"));
exports.hash = refuse;
exports.verify = refuse;
