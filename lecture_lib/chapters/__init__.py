"""What belongs to one notebook each: its exercises, answers and quizzes. Import the chapter you need."""
