/** Imports a package for the bundle: a script that is run from its bytecode cannot import by itself. */
module.exports = (name) => import(name);
