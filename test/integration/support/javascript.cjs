/**
 * Required by the process of a program in JavaScript: the language host of the air gap takes each program for TypeScript, whatever its
 * project says, and the compiler is loaded for nothing.
 */
"use strict";
process.env.PULUMI_NODEJS_TYPESCRIPT = "false";
