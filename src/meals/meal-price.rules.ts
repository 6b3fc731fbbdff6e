/** The dearest meal that any canteen may serve: 10,000 yuan. What lies above is a fault of the reader. */
export const mealFenMax = 1_000_000;
