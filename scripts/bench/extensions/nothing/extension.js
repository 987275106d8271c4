"use strict";

require("vscode");

exports.activate = () => undefined;
