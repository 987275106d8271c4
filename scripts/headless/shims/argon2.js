// Stands in for code-server's password hashing, whose native part is not built: here it runs without passwords.
"use strict";

const refuse = () => Promise.reject(new Error("There are no passwords here"));
exports.hash = refuse;
exports.verify = refuse;
